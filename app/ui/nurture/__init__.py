"""Who waits with marketing: tracks, days, consents, and the way back into the queue."""
