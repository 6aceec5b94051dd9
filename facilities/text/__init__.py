"""What may be written here: the one clean-up and the one set of refusals for all text, whichever
door it comes through. Fields of models, forms and the API are made of it; imports and the Excel
form ask it for each cell.
"""
