"""Single sign-on: a publisher's signed token says who its reader is."""
