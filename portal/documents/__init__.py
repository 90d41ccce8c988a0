"""Official paper: what is printed, signed and issued.

Printing (`form1`, `form2`, `form3`, `render` and what they use) knows neither Flask nor the
database; issuing (`issue`, `models`) keeps the bytes.
"""
