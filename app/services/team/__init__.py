"""A team that shares one queue: the hub, what goes to it and comes from it, and who may call whom now."""
