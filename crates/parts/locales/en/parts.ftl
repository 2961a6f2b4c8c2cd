figures-see-numbers = Show the figures
figures-none = none
