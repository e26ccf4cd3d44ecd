"""The engine's rules, pure: states, what becomes ready, when to try again, who has gone silent. No clock, no I/O."""
