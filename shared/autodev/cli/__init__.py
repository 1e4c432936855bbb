"""The command line `autodev`: one module a command group. Heavy imports stay inside the commands, so help is quick."""
