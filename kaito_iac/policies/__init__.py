"""Judgement: one rule a module over plain facts; packs, plan and command line are made of the rules' records."""
