"""What predictions say when they are looked at: drift of inputs, performance over time, what is past its limit."""
