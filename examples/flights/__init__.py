"""An agent that works through 336,776 real flights with tools that were written the way people write them."""
