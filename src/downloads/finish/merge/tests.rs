use super::*;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn what_any_part_has_downloaded_is_downloaded() {
    let first = "Code,Smiles,Downloaded\na,\"C,C\",True\nb,N,False\nc,O,False\n";
    let second = "Code,Smiles,Downloaded\na,\"C,C\",False\nb,N,True\nc,O,False\n";
    let all = join_metadata(&texts(&[first, second])).unwrap();
    assert_eq!(
        all,
        "Code,Smiles,Downloaded\na,\"C,C\",True\nb,N,True\nc,O,False\n"
    );
    // Unquoted commas, as the servers of 2024 write them, are kept as they are.
    let first = "Code,Comment,Downloaded\na,one, two,True\nb,x,False\n";
    let second = "Code,Comment,Downloaded\na,one, two,False\nb,x,True\n";
    let all = join_metadata(&texts(&[first, second])).unwrap();
    assert_eq!(all, "Code,Comment,Downloaded\na,one, two,True\nb,x,True\n");
}

#[test]
fn a_field_with_a_line_break_and_a_code_of_two_versions_are_joined_too() {
    // Neither is quoted by servers of 2024.
    let first = "Code,Long code,Comment,Downloaded\na,X_v1,one\ntwo,True\na,X_v2,x,True\nb,Y_v1,\"x,False\n";
    let second = "Code,Long code,Comment,Downloaded\na,X_v1,one\ntwo,False\na,X_v2,x,False\nb,Y_v1,\"x,True\n";
    let all = join_metadata(&texts(&[first, second])).unwrap();
    assert_eq!(
        all,
        "Code,Long code,Comment,Downloaded\na,X_v1,one\ntwo,True\na,X_v2,x,True\nb,Y_v1,\"x,True\n"
    );
    // In another order they are told apart by their long codes.
    let first = "Code,Long code,Downloaded\na,X_v1,True\na,X_v2,True\nb,Y_v1,False\n";
    let second = "Code,Long code,Downloaded\nb,Y_v1,True\na,X_v2,False\na,X_v1,False\n";
    let all = join_metadata(&texts(&[first, second])).unwrap();
    assert_eq!(
        all,
        "Code,Long code,Downloaded\na,X_v1,True\na,X_v2,True\nb,Y_v1,True\n"
    );
}

#[test]
fn tables_that_do_not_belong_together_are_not_joined() {
    let first = "Code,Smiles,Downloaded\na,C,True\n";
    for second in [
        "Code,Smiles\na,C\n",
        "Code,Smiles,Downloaded\na,N,False\n",
        "Code,Smiles,Downloaded\na,False\n",
        "",
    ] {
        assert_eq!(join_metadata(&texts(&[first, second])), None, "{second}");
    }
}

#[test]
fn lists_are_joined_without_repeats_and_structures_with_ends_between() {
    let errors = join_lines(&texts(&["P,C,F\nx,a,1\n", "P,C,F\nx,a,1\ny,b,2"]));
    assert_eq!(errors, "P,C,F\nx,a,1\ny,b,2\n");
    assert_eq!(join_smiles(&texts(&["C,N,", "N,O,"])), "C,N,O,");
    let old = join_sdf(&texts(&["a\nM  END\nb\nM  END\n", "c\nM  END"]));
    assert_eq!(old, "a\nM  END\n$$$$\nb\nM  END\n$$$$\nc\nM  END\n$$$$\n");
    let new = join_sdf(&texts(&[
        "a\nM  END\n> <x>\n1\n\n$$$$\n",
        "b\nM  END\n$$$$\n",
    ]));
    assert_eq!(new, "a\nM  END\n> <x>\n1\n\n$$$$\nb\nM  END\n$$$$\n");
}

#[test]
fn a_readme_of_a_later_part_finds_its_way_back() {
    for path in ["README.md", "README"] {
        assert_eq!(unnumbered(&numbered(path, 1)), path);
    }
}
