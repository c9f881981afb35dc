"""What is made of a published week: tables in the forms that people open, and a briefing on one page."""
