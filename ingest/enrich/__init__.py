"""Reading: one component a file, each a pure function from a Reading to one kind of annotation."""
