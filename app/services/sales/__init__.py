"""What sales does: `leads` lists what waits for an answer, `lead_view` shows one lead, `selling` answers and closes.

`assigning` says who answers a lead, `appointments` puts a next step into the calendar, and `answers_back` reads what
another system says became of leads.
"""
