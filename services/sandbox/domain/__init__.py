"""Pure rules: what is run, which candidates run again alone, and which facts are reported."""
