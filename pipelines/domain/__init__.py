"""What a pipeline is, how a project is rendered from it, and how its life goes. Pure: no Django, no files, no clock."""
