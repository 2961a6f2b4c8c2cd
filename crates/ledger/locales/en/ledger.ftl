touch-no-class = This child has no class at present, so no contact can be logged
touch-in-future = That day has not come yet
touch-too-old = That day is too long ago; at most a year back
touch-already-reversed = This entry was already taken back
act-already-reversed = This activity was already taken back
demo-not-empty = There is a district here already; a demo can only be built in an empty place
