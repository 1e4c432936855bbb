"""Pure rules of a case: its states, its evidence, who may learn, and what one generation holds."""
