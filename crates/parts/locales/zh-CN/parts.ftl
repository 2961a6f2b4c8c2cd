figures-see-numbers = 看数字
figures-none = 没有数
