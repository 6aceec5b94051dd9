"""What a figure means: due by calendar, judged once a period, over those who reported.

Pure functions: no database, no clock. Source: the guide «Target to date, trend and PWS status»;
docs/computation.md says the same in prose, docs/adr/0014-judgement.md why.

``periods``   months, quarters, campaigns: when each is over, and when it is closed
``profiles``  what part of a year's target is due when a period has closed
``due``       which period a status belongs to on a day
``rounding``  whole people: half up, and parts that add up (largest remainder)
``parts``     what the units below reported, those alike taken together
``totals``    sums that grow over the year: target to date, tolerance, trend, status
``rates``     rates, states and ratios: the last closed period against the target itself
``plans``     meetings and papers: held against due, with days of grace
``signal``    the week's own signal of what is reported weekly
``verdict``   what comes out
"""
