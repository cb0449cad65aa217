"""The page Insights: what the newsroom can learn of its own moderation, in pictures, with the figures as CSV."""
