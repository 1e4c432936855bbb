"""Search for a right version of a function, given calls and what they should return. Pure: a `Runner` runs the code.

reading    a line of a file → a case
case       a call, what it should return, and whether an outcome is right
module     the module's text and its functions, any of which may be rewritten
suspicion  which lines failing calls ran and passing calls did not
expanding  one version → its likely next versions, the likeliest first
searching  best first, until the budget ends; versions that do better than their parent are expanded in their turn
inputs     calls nobody recorded, near those that were
ranking    which of those that are right on all cases is right
"""
