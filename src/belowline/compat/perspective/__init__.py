"""The Perspective API, version v1alpha1, as its clients know it; docs/reference/perspective.md is the contract."""
