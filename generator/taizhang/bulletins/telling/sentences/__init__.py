"""The sentences of bulletins: one function each, over figures and public values, that returns text with its links.

A function says in its first line whether it returns a sentence with its stop or a clause without. It returns nothing
where there is nothing to say.
"""
