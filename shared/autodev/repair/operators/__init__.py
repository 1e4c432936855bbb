"""Operators of a search: every likely single edit of a function, with no failure needed to think of one.

    registry      all operators and all their mutations, the place to begin
    subject       the function to mutate, and what all operators ask about it
    editing       from a node or a statement and its new text to a mutation
    precedence    where a new text needs parentheses
    blocks        the function's statements by block, as whole lines
    scope         which names exist where
    kinds         which names hold collections, which hold numbers

Every other module is one family of operators; a new one is added to the registry.
"""
