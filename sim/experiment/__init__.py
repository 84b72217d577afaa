"""What is asked: experiment files, factors, designs, arms, posteriors as inputs.

Nothing that runs them, and nothing that was found.
"""
