"""Making a service's tables again from the topics: the same handlers, on the same records, in the order they took them.

`recipe` is what a service says of itself, `rebuilding` the whole way, `turns` the order, `outputs` what became of what
the handlers emit. docs/operations/rebuild.md is for whoever runs it.
"""
