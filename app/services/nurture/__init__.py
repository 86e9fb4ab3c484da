"""What marketing does with who waits: `pages` lists them, `tracks` say why and until when, `waking` brings them back.

`consents` keep what people agreed to, and `mailing_list` gives the mailing tool whom it may write to.
"""
