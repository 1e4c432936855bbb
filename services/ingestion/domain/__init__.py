"""Pure rules: what a failure's signature is, what is a secret, how failures are combined."""
