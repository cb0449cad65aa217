"""The judgement: text and facts in, a decision out. No framework, no database, no network."""
