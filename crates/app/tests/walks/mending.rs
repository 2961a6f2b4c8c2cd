//! A registrar imports a roster with mistakes in it, mends them in the file of bad rows and brings it back.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_paper::sheet::{Limits, load_table};
use gongyu_registry::roster::export::{MENDING_TITLES, titles};
use gongyu_registry::roster::headings::Generation;
use gongyu_registry::roster::id_number::check_character;
use gongyu_store::sql;
use gongyu_testkit::browser::Browser;
use std::path::{Path, PathBuf};

const ID: &str = "身份证件号";
const NAMES: [&str; 4] = ["向思源", "马睿", "夏天佑", "古丽努尔·艾山"];

fn id_of(sequence: usize) -> String {
    let first = format!("50010120180312{sequence:03}");
    let last = check_character(&first).expect("17 digits");
    format!("{first}{last}")
}

/// The number with its last figure wrong.
fn with_wrong_end(id: &str) -> String {
    let last = if id.ends_with('5') { '6' } else { '5' };
    format!("{}{last}", &id[..17])
}

/// A pupil's cell under a heading of the national system's newest export.
fn cell(title: &str, at: usize, id: &str, phone: &str) -> String {
    let name = NAMES[at];
    match title {
        "学校标识码" => "5001990001".to_owned(),
        "姓名" => name.to_owned(),
        "性别" => "女".to_owned(),
        "出生日期" => "20180312".to_owned(),
        "身份证件类型" => "居民身份证".to_owned(),
        "身份证件号" => id.to_owned(),
        "年级" => "三年级".to_owned(),
        "班级号" => "三年级1班".to_owned(),
        "成员1姓名" => format!("{}的妈妈", name.chars().next().unwrap_or_default()),
        "成员1关系" => "母亲".to_owned(),
        "成员1联系电话" => phone.to_owned(),
        "成员1是否监护人" => "是".to_owned(),
        _ => String::new(),
    }
}

fn write_book(path: &Path, headings: &[String], rows: Vec<Vec<String>>) {
    let columns: Vec<Column> = headings.iter().map(|h| Column::new(h.as_str(), 14.0, ColumnKind::Text)).collect();
    let rows = rows.into_iter().map(|row| row.into_iter().map(Value::from).collect());
    let bytes = Book::new().sheet("学生名册").columns(&columns).rows(rows).finish().expect("a workbook");
    std::fs::write(path, bytes).expect("it is written");
}

/// Two good rows, one with a wrong identity number, one with a phone of ten figures.
fn write_roster(path: &Path) {
    let headings: Vec<String> = titles(Generation::G3).map(str::to_owned).collect();
    let rows = (0..NAMES.len()).map(|at| {
        let id = if at == 1 { with_wrong_end(&id_of(22)) } else { id_of(20 + 2 * at) };
        let phone = if at == 2 { "1390000002" } else { "13900000021" };
        headings.iter().map(|title| cell(title, at, &id, phone)).collect()
    });
    write_book(path, &headings, rows.collect());
}

/// The downloaded rows, with what was wrong put right in its own column.
fn mend(bad: &Path, mended: &Path) {
    let table = load_table(bad, &Limits::default(), &|texts| texts.iter().filter(|t| *t == "姓名").count());
    let table = table.expect("the rows to be mended are a table");
    let column = |title: &str| table.headings.iter().position(|h| h == title).expect("a heading of ours");
    assert_eq!(table.headings[..2], MENDING_TITLES.map(str::to_owned));
    let (name, id, phone) = (column("姓名"), column(ID), column("成员1联系电话"));
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            let mut texts: Vec<String> = row.cells.iter().map(|cell| cell.text.clone()).collect();
            texts.resize(table.headings.len(), String::new());
            assert!(!texts[1].is_empty(), "the file says what is wrong with {}", texts[name]);
            match texts[name].as_str() {
                "马睿" => texts[id] = id_of(22),
                _ => texts[phone] = "13900000024".to_owned(),
            }
            texts
        })
        .collect();
    assert_eq!(rows.len(), 2, "only the rows that wait are in the file");
    write_book(mended, &table.headings, rows);
}

/// Pupils now in the school, and pupils who left any school.
async fn counted(product: &Product) -> (i64, i64) {
    let school = product.world.school;
    let count = move |r: &mut gongyu_store::Reader| {
        let here =
            r.scalar(sql!("SELECT COUNT(*) FROM student WHERE school_id = $1 AND state = 'active'"), &[&school])?;
        let gone = r.scalar(sql!("SELECT COUNT(*) FROM student WHERE state <> 'active'"), &[])?;
        Ok((here, gone))
    };
    product.house.db().read(count).await.expect("counts")
}

/// Uploads a file, declared to hold the whole school or not, and waits until it was looked through.
async fn upload(product: &Product, pc: &Browser, file: &Path, whole_school: bool) -> Id {
    product.served.open(pc, "/roster").await;
    pc.fill("点这里选文件", &file.to_string_lossy()).await;
    pc.see(&file.file_name().expect("a name").to_string_lossy()).await;
    if whole_school {
        pc.click_text("这是全校的名册").await;
    }
    pc.click_text("传上来检查").await;
    pc.see("已检查").await;
    product.run_jobs();
    pc.see("可以导入").await;
    let url = pc.url().await;
    url.rsplit('/').next().and_then(|id| id.parse().ok()).expect("the address of the import")
}

/// Has the good rows written, and waits until they are.
async fn write(product: &Product, pc: &Browser, button: &str) {
    pc.click_text(button).await;
    pc.see("可以离开这一页").await;
    product.run_jobs();
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_an_import_with_errors_is_mended_brought_back_and_nobody_leaves() {
    let product = Product::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| -> PathBuf { folder.path().join(name) };
    let registrar = product.world.role(Role::Registrar);
    let pc = product.signed_in(Browser::pc().await, registrar).await;
    product.served.open(&pc, "/roster").await;
    pc.see("还没有导入过名册").await;
    looked_at(&pc, "import-empty").await;
    assert_eq!(counted(&product).await, (12, 0));

    write_roster(&file("秋季名册.xlsx"));
    let batch = upload(&product, &pc, &file("秋季名册.xlsx"), false).await;
    pc.see("有问题的2行").await;
    pc.see("号码有一位写错了，最后一位对不上").await;
    pc.see("只有10位，少1位").await;
    looked_at(&pc, "import-preview").await;
    assert_eq!(counted(&product).await, (12, 0), "looking changes nothing");
    write(&product, &pc, "先导入2行").await;
    pc.see("导好了，写入2行").await;
    looked_at(&pc, "import-first").await;

    let sheet = product.client(registrar).post(&format!("/roster/{batch}/rows.xlsx"), &[]).await;
    assert!(sheet.status.is_success());
    std::fs::write(file("待改的行.xlsx"), &sheet.bytes).expect("the download is kept");
    mend(&file("待改的行.xlsx"), &file("改好的行.xlsx"));
    // Even ticked by mistake as the whole school, mended rows send nobody away.
    upload(&product, &pc, &file("改好的行.xlsx"), true).await;
    pc.see("这是改好后带回来的行，不会让任何人离开").await;
    pc.not_see("有问题的").await;
    looked_at(&pc, "import-mended").await;
    write(&product, &pc, "导入2行").await;
    pc.see("导好了，写入2行").await;
    looked_at(&pc, "import-done").await;
    assert_eq!(counted(&product).await, (16, 0), "four came and nobody left");

    let class = product.world.classes[0];
    product.served.open(&pc, &format!("/classes/{class}/students")).await;
    for name in NAMES {
        pc.see(name).await;
    }
    looked_at(&pc, "import-class").await;
    product.served.open(&pc, "/roster").await;
    pc.see("秋季名册.xlsx").await;
    looked_at(&pc, "import-list").await;
    done(pc).await;
    let phone = product.signed_in(Browser::phone().await, product.world.role(Role::ClassTeacher)).await;
    product.served.open(&phone, "/class").await;
    for name in NAMES {
        phone.see(name).await;
    }
    looked_at(&phone, "import-board").await;
    done(phone).await;
}
