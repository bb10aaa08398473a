//! When must the explorer be embedded again? When `web/dist`, where npm builds it, has changed.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=web/dist");
}
