"""Pure rules: judging calls, scoring candidates, choosing one, deciding how it is promoted."""
