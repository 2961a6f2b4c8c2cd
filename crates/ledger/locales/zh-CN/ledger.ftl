touch-no-class = 这名学生现在没有班级，记不了联系
touch-in-future = 日期还没到
touch-too-old = 日期太早了，最多记到一年前
touch-already-reversed = 这条已经撤销过了
act-already-reversed = 这次活动已经撤销过了
demo-not-empty = 这里已经有一个区，示例区只能建在空的地方
