api-limit = limit 要在 1 到 { $most } 之间。
api-not-an-id = 这不是一个编号。
api-unknown-word = 不认识这个词，请看 /api/openapi.json 里能用的词。
api-not-a-day = 日期要写成 2026-11-23 这样。
api-not-json = 内容不是这个接口要的 JSON：{ $why }
api-no-such-staff = 这所学校没有工号为 { $number } 的教职工。
api-not-a-semester = 学期要写成 2026-1 或 2026-2 这样。
