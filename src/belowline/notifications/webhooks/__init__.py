"""Messages to publishers' own systems, as Standard Webhooks has them: docs/reference/webhooks.md."""
