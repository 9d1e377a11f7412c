//! Which of the 16,384 slots of a cluster a key is in.

use std::collections::BTreeMap;

use redis::{Arg, Cmd};

const SLOTS: u16 = 16_384;

/// The slot of a key: of what is between its first braces, if there is anything, else of all of it.
pub(super) fn of_key(key: &[u8]) -> u16 {
    crc16(tag(key).unwrap_or(key)) % SLOTS
}

/// The slot of a command's first key; none when the command has no key.
pub(super) fn of_command(command: &Cmd) -> Option<u16> {
    let arguments: Vec<&[u8]> = command
        .args_iter()
        .map_while(|argument| match argument {
            Arg::Simple(bytes) => Some(bytes),
            _ => None,
        })
        .collect();
    let place = match arguments.first()?.to_ascii_uppercase().as_slice() {
        b"PING" | b"CLUSTER" | b"SCRIPT" | b"INFO" | b"CLIENT" | b"CONFIG" => return None,
        b"EVALSHA" | b"EVAL" => 3,
        b"XGROUP" | b"XINFO" | b"OBJECT" => 2,
        b"XREAD" | b"XREADGROUP" => {
            1 + arguments.iter().position(|argument| argument.eq_ignore_ascii_case(b"STREAMS"))?
        }
        _ => 1,
    };
    arguments.get(place).map(|key| of_key(key))
}

/// The places of the keys, those of one slot together.
pub(super) fn group(keys: &[impl AsRef<[u8]>]) -> Vec<Vec<usize>> {
    let mut groups = BTreeMap::<u16, Vec<usize>>::new();
    for (place, key) in keys.iter().enumerate() {
        groups.entry(of_key(key.as_ref())).or_default().push(place);
    }
    groups.into_values().collect()
}

fn tag(key: &[u8]) -> Option<&[u8]> {
    let after = &key[key.iter().position(|byte| *byte == b'{')? + 1..];
    let tag = &after[..after.iter().position(|byte| *byte == b'}')?];
    (!tag.is_empty()).then_some(tag)
}

/// CRC-16/XMODEM, as the cluster specification wants it.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(
            crc ^ (u16::from(*byte) << 8),
            |crc: u16, _| {
                if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use redis::cmd;

    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(crc16(b"123456789"), 0x31C3);
        assert_eq!(of_key(b"foo"), 12_182);
        assert_eq!(of_key(b"h1:cache:{foo}"), 12_182, "only what is in the braces counts");
        assert_eq!(of_key(b"{}foo"), crc16(b"{}foo") % SLOTS, "unless there is nothing in them");
        assert_eq!(of_key(b"a{foo}{bar}"), 12_182, "and only the first of them");
    }

    #[test]
    fn a_command_goes_where_its_first_key_is() {
        let foo = Some(12_182);
        assert_eq!(of_command(cmd("get").arg("foo")), foo);
        assert_eq!(of_command(cmd("XREAD").arg("BLOCK").arg(10).arg("streams").arg("foo").arg("0-0")), foo);
        assert_eq!(of_command(cmd("XGROUP").arg("CREATE").arg("foo").arg("g").arg("0")), foo);
        assert_eq!(of_command(cmd("EVALSHA").arg("abc").arg(1).arg("foo").arg("x")), foo);
        assert_eq!(of_command(cmd("EVALSHA").arg("abc").arg(0)), None);
        assert_eq!(of_command(&cmd("PING")), None);
    }

    #[test]
    fn keys_of_one_slot_are_together() {
        let keys = ["{a}1", "{b}1", "{a}2", "c"];
        let groups = group(&keys);
        assert_eq!(groups.len(), 3);
        assert!(groups.contains(&vec![0, 2]));
        assert_eq!(groups.iter().flatten().count(), keys.len());
    }
}
