//! What callers are told when something is wrong, with them or with us.

use crate::stall::{client, open, problem_of, settings};

#[tokio::test]
async fn a_wrong_address_is_a_problem_for_programs_and_a_page_for_people() {
    let server = open(settings());
    let answer = client().get(server.url("/api/v1/nothing")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let problem = problem_of(answer).await;
    assert_eq!((problem.code.as_str(), problem.status), ("not_found", 404));
    assert_eq!(problem.kind, "urn:halles:problem:not_found");
    assert_eq!(problem.request_id, Some(request_id));

    let answer = client().get(server.url("/nothing")).header("accept-language", "en").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["cache-control"]), (404, &"no-store".parse().unwrap()));
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert!(answer.text().await.unwrap().starts_with("<h1 lang=en>not_found</h1>"));

    let answer = client().get(server.url("/nothing")).header("accept", "application/json").send().await.unwrap();
    assert_eq!(problem_of(answer).await.code, "not_found");
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_method_is_a_problem() {
    let server = open(settings());
    let answer = client().delete(server.url("/api/v1/things/1")).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(problem_of(answer).await.code, "method_not_allowed");
    let answer = client().get(server.url("/lines")).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert!(answer.text().await.unwrap().contains("method_not_allowed"));
    server.stop().await;
}

#[tokio::test]
async fn wrong_input_names_the_field() {
    let server = open(settings());
    let cases = [
        (r#"{"pieces": 1}"#, "name", "is required"),
        (r#"{"name": "bowl", "colour": "red"}"#, "colour", "is not a field of this request"),
        (r#"{"name": "bowl", "pieces": 0}"#, "quantity", "must be"),
        (r#"{"name": "#, "body", ""),
        (r#"{"name": 5}"#, "body", "invalid type"),
        ("", "body", ""),
    ];
    for (body, field, reason) in cases {
        let request = client().post(server.url("/api/v1/things")).header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        let problem = problem_of(answer).await;
        assert_eq!(problem.code, "invalid", "{body}");
        assert_eq!(problem.errors[0].field, field, "{body}");
        assert!(problem.errors[0].reason.contains(reason), "{body}: {:?}", problem.errors);
    }
    server.stop().await;
}

#[tokio::test]
async fn paths_queries_and_media_types_are_checked_too() {
    let server = open(settings());
    let answer = client().get(server.url("/api/v1/things/first")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(problem_of(answer).await.code, "not_found");
    let answer = client().get(server.url("/api/v1/search")).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(problem_of(answer).await.errors[0].field, "page");
    let answer = client().get(server.url("/api/v1/search?page=%FF")).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let answer = client().post(server.url("/api/v1/things")).body("name=bowl").send().await.unwrap();
    assert_eq!(answer.status(), 415);
    assert_eq!(problem_of(answer).await.code, "unsupported_media_type");
    server.stop().await;
}

#[tokio::test]
async fn our_own_faults_say_nothing_about_the_inside() {
    let server = open(settings());
    let answer = client().get(server.url("/api/v1/broken")).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    let text = answer.text().await.unwrap();
    assert!(text.contains("\"internal\"") && !text.contains("cellar"), "{text}");
    let answer = client().get(server.url("/api/v1/away")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (503, &"7".parse().unwrap()));
    assert!(!answer.text().await.unwrap().contains("cellar"));
    server.stop().await;
}

#[tokio::test]
async fn a_panic_is_a_500_and_the_server_lives_on() {
    let server = open(settings());
    let client = client();
    for _ in 0..3 {
        let answer = client.get(server.url("/api/v1/panic")).send().await.unwrap();
        assert_eq!(answer.status(), 500);
        assert!(answer.headers().contains_key("x-request-id"));
        let problem = problem_of(answer).await;
        assert_eq!(problem.code, "internal");
        assert!(!problem.detail.contains("shelf"));
        let answer = client.get(server.url("/panic")).send().await.unwrap();
        assert_eq!(answer.status(), 500);
        assert!(answer.text().await.unwrap().contains("internal"));
        assert_eq!(client.get(server.url("/")).send().await.unwrap().status(), 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_page_of_its_own_is_kept_whatever_its_status() {
    let server = open(settings());
    let answer = client().get(server.url("/sold-out")).send().await.unwrap();
    assert_eq!(answer.status(), 409);
    assert!(answer.headers().contains_key("content-security-policy"));
    assert_eq!(answer.text().await.unwrap(), "a page of its own");
    server.stop().await;
}
