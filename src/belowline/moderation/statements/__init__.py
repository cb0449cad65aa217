"""Statements of reasons (Regulation (EU) 2022/2065, article 17), made of decisions: as records, sent, and counted."""
