"""How dates are written on pages, by language; what is not named here is as Django has it."""
