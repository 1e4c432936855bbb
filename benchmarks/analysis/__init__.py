"""How many failures a second become windows, through the combiner and Faust, beside a Faust agent that does nothing."""
