use super::*;

fn shown(source: &str) -> String {
    html(source).0
}

#[test]
fn what_a_teacher_writes_becomes_headings_lists_bold_and_lines() {
    assert_eq!(
        shown("# 秋游\n各位家长：\n周五**穿校服**。\n\n- 水杯\n- 雨具"),
        "<h3>秋游</h3><p>各位家长：<br>周五<strong>穿校服</strong>。</p><ul><li>水杯</li><li>雨具</li></ul>"
    );
}

#[test]
fn no_html_gets_through() {
    for source in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<!-- x --><b onclick=x>y</b>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "[x](http://school.example)",
        "[x](https://school.example@evil.example/)",
        "![a](https://school.example/p.png)",
        "<https://a.example/\" onclick=x>",
        "https://a.example/'onmouseover=x",
    ] {
        let out = shown(source);
        let tags: Vec<&str> = out.split('<').skip(1).map(|t| t.split(['>', ' ']).next().unwrap_or("")).collect();
        assert!(tags.iter().all(|t| matches!(*t, "p" | "/p" | "a" | "/a" | "br")), "{source} gave {out}");
        for attribute in out.split("<a ").skip(1) {
            assert!(attribute.starts_with("href=\"https://"), "{source} gave {out}");
            assert!(!attribute.contains("@evil"), "{source} gave {out}");
        }
        assert!(!out.contains("<img") && !out.contains("javascript:\""), "{source} gave {out}");
    }
}

#[test]
fn an_address_written_out_becomes_a_link_and_ends_with_the_sentence() {
    assert_eq!(
        shown("见https://school.example/a?b=1&c=2。谢谢"),
        "<p>见<a href=\"https://school.example/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\">https://school.example/a?b=1&amp;c=2</a>。谢谢</p>"
    );
    assert!(shown("See https://school.example.").contains(">https://school.example</a>."));
}

#[test]
fn plain_words_keep_lines_and_numbers() {
    assert_eq!(plain("# 秋游\n\n1. 水杯\n2. **雨具**\n\n再见"), "秋游\n1. 水杯\n2. 雨具\n再见");
    assert_eq!(excerpt("周五去植物园\n穿校服", 6), "周五去植物…");
    assert_eq!(excerpt("周五", 6), "周五");
    assert_eq!(excerpt("请带：\n\n- **水杯**\n- 雨具\n\n周五见。\n\n谢谢", 40), "请带：水杯，雨具，周五见。谢谢");
    assert_eq!(excerpt("Please bring\n- a cup\n- a coat", 40), "Please bring, a cup, a coat");
}
