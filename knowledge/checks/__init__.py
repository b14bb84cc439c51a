"""The checks on a loaded handbook, by what they look at. `knowledge.check` lists and runs them."""
