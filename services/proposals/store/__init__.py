"""The tables of the schema `proposals`, each behind the few questions that handlers ask of it."""
