"""How often something may be done, counted together by all processes; and whose address a request comes from."""
