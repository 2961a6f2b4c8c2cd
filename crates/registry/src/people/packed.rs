//! What is sealed of a pupil, packed before it is sealed: the whole roster row is mostly names of fields, and four
//! pupils fit on a page of the database where one did.

use super::model::{STUDENT_SEALED, SealedStudent};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use gongyu_kernel::{Error, Id, Result};
use gongyu_vault::Vault;

/// First byte of a packed record; one that is not packed is JSON and begins with a brace. A new dictionary takes a new
/// number.
const PACKED: u8 = 1;
/// Largest record that is unpacked, in bytes.
const LARGEST: usize = 64 << 20;

/// What most records hold, the commonest last. Never to be changed: records are packed with it.
const DICTIONARY: &[u8] = br#","former_name":","native_place":","id_validity":","campus":","post_code":","travel_distance":","travel_way":","school_bus":false,"blood_type":","talent":","roll_continuation":","roll_aux_number":","email":","homepage":","government_place":false,"rural_left_behind":false,"migrant_child":false,"disabled":false,"other_phones":["other_id_needs","relation_note":","post":","father","mother","grandparent","sibling","other","kin":"both_parents","one_parent","is_guardian":false,"work_unit":"second":true,"male","female","junior","kindergarten","vocational","senior","primary","entry_year":20,"class_no":1,"rural","urban","boarder","day","{"id_number":"500199","roll_number":"G500199","address":","phone":"1990","orphan":false,"disability":"","inclusive":false,"ethnicity":"han","roster_row":{"row":0,"school_code":"99","name":","sex":","birth_date":"201","birth_region":"500199","ethnicity":"han","nationality":"CHN","id_kind":"resident","id_number":{"resident":"500199201"},"hmt_overseas":"no","health":"good","political":"masses","household_kind":","household_region":"500199","class":{"stage":"primary","entry_year":2024,"class_no":1},"entry_month":{"year":2024,"month":9},"entry_way":"nearby","boarding":"day","current_address":","mail_address":","family_address":","phone":"1990000","only_child":true,"preschool":true,"left_behind":"none","migrant_worker_child":false,"orphan":false,"martyr_family":false,"needs_aid":false,"gets_allowance":false,"roll_number":"G500199","seat_number":"1","student_source":"normal","disability":"none","inclusive":"no","members":[{"second":false,"name":","relation":"mother","address":","household_region":"500199","phone":"1990000","is_guardian":true,"id_kind":"resident","id_number":{"resident":"50019919"},"ethnicity":"han"},{"second":true,"name":","relation":"father","address":","household_region":"500199","phone":"1990000","is_guardian":true,"id_kind":"resident","id_number":{"resident":"50019919"},"ethnicity":"han"}]}}"#;

/// Packs many records one after the other.
#[derive(Debug)]
pub(crate) struct Packer(Compress);

impl Packer {
    pub(crate) fn new() -> Self {
        Self(Compress::new(Compression::new(3), false))
    }

    /// The record, packed.
    pub(crate) fn pack(&mut self, plain: &[u8]) -> Result<Vec<u8>> {
        self.0.reset();
        self.0.set_dictionary(DICTIONARY).map_err(Error::internal)?;
        let mut out = Vec::with_capacity(plain.len() / 2 + 64);
        out.push(PACKED);
        loop {
            let taken = usize::try_from(self.0.total_in()).map_err(Error::internal)?;
            let status =
                self.0.compress_vec(&plain[taken..], &mut out, FlushCompress::Finish).map_err(Error::internal)?;
            if status == Status::StreamEnd {
                return Ok(out);
            }
            out.reserve(plain.len() + 64);
        }
    }
}

/// The record as it was before it was packed; `packed` without its first byte.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    let mut stream = Decompress::new(false);
    stream.set_dictionary(DICTIONARY).map_err(Error::internal)?;
    let mut out = Vec::with_capacity(packed.len() * 4);
    loop {
        let taken = usize::try_from(stream.total_in()).map_err(Error::internal)?;
        let before = out.len();
        let status =
            stream.decompress_vec(&packed[taken..], &mut out, FlushDecompress::Finish).map_err(Error::internal)?;
        if status == Status::StreamEnd {
            return Ok(out);
        }
        let stands = out.len() == before && out.capacity() > before;
        if stands || out.len() > LARGEST {
            return Err(Error::internal("a sealed record ends early"));
        }
        out.reserve(packed.len() * 4 + 64);
    }
}

/// Opens what is sealed of a pupil, packed or not.
pub(super) fn open(vault: &Vault, id: Id, sealed: &[u8]) -> Result<SealedStudent> {
    let plain = vault.open_bytes(STUDENT_SEALED, id, sealed)?;
    match plain.split_first() {
        Some((&PACKED, packed)) => Ok(serde_json::from_slice(&unpack(packed)?)?),
        _ => Ok(serde_json::from_slice(&plain)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_record_is_read_as_it_was() {
        let mut packer = Packer::new();
        for text in
            ["", "{}", &"石桥镇向阳路1号".repeat(500), r#"{"id_number":"500199201803120017","address":"石桥镇"}"#]
        {
            let packed = packer.pack(text.as_bytes()).unwrap();
            assert_eq!(unpack(&packed[1..]).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn a_record_cut_short_is_refused() {
        let packed = Packer::new().pack("石桥镇向阳路".repeat(20).as_bytes()).unwrap();
        assert!(unpack(&packed[1..packed.len() - 4]).is_err());
    }
}
