"""What a team lead does: `pages` lists what waits too long and with whom, `figures` counts it, `reassigning` hands out.

`enforcing` lets what is held come back when its limit is over, `settling` chooses between two contested decisions.
`hidden` says whether whoever the erasure of another hides is that person.
"""
