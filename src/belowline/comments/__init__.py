"""Comments: what readers wrote, in every state."""
