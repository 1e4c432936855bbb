"""What a consumer group gave up: read it, send it back or drop it, each once and with a record of who did it and why.

`letter` says what a dead letter is, `filtering` which are meant, `redriving` what goes back and what may not, `audit`
what has been done already; these are pure. `reading` and `settling` talk to the broker.
"""
