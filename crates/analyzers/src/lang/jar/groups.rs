//! Groups of artefacts whose archives do not name them.
//!
//! Gradle, Ant and others write no `pom.properties`. These are the well-known artefacts among them that
//! occur in advisories, with the group under which Maven Central has them.

/// The group of an artefact: first by its whole name, then by how its name begins.
pub(super) fn group_of(artifact: &str, version: &str) -> Option<&'static str> {
    // Groovy moved to Apache's group with version 4.
    if artifact == "groovy" || artifact.starts_with("groovy-") {
        let old = version.starts_with(['1', '2', '3']) && version.get(1..2) == Some(".");
        return Some(if old {
            "org.codehaus.groovy"
        } else {
            "org.apache.groovy"
        });
    }
    let whole = WHOLE.iter().find(|(name, _)| *name == artifact);
    let begins = || BEGINS.iter().find(|(name, _)| artifact.starts_with(name));
    whole.or_else(begins).map(|(_, group)| *group)
}

/// Whole names.
const WHOLE: &[(&str, &str)] = &[
    ("ant", "org.apache.ant"),
    ("aopalliance", "aopalliance"),
    ("c3p0", "com.mchange"),
    ("commons-collections", "commons-collections"),
    ("commons-lang", "commons-lang"),
    ("commons-logging", "commons-logging"),
    ("ehcache", "org.ehcache"),
    ("elasticsearch", "org.elasticsearch"),
    ("h2", "com.h2database"),
    ("hsqldb", "org.hsqldb"),
    ("httpclient5", "org.apache.httpcomponents.client5"),
    ("jasypt", "org.jasypt"),
    ("jna", "net.java.dev.jna"),
    ("lombok", "org.projectlombok"),
    ("lz4-java", "org.lz4"),
    ("mssql-jdbc", "com.microsoft.sqlserver"),
    ("mysql-connector-java", "mysql"),
    ("mysql-connector-j", "com.mysql"),
    ("okio", "com.squareup.okio"),
    ("okio-jvm", "com.squareup.okio"),
    ("postgresql", "org.postgresql"),
    ("reactor-core", "io.projectreactor"),
    ("rxjava", "io.reactivex.rxjava2"),
    ("snappy-java", "org.xerial.snappy"),
    ("sqlite-jdbc", "org.xerial"),
    ("spring-aop", SPRING),
    ("spring-aspects", SPRING),
    ("spring-beans", SPRING),
    ("spring-context", SPRING),
    ("spring-context-indexer", SPRING),
    ("spring-context-support", SPRING),
    ("spring-core", SPRING),
    ("spring-expression", SPRING),
    ("spring-instrument", SPRING),
    ("spring-jcl", SPRING),
    ("spring-jdbc", SPRING),
    ("spring-jms", SPRING),
    ("spring-messaging", SPRING),
    ("spring-orm", SPRING),
    ("spring-oxm", SPRING),
    ("spring-r2dbc", SPRING),
    ("spring-test", SPRING),
    ("spring-tx", SPRING),
    ("spring-web", SPRING),
    ("spring-webflux", SPRING),
    ("spring-webmvc", SPRING),
    ("spring-websocket", SPRING),
    ("spring-kafka", "org.springframework.kafka"),
    ("spring-ldap-core", "org.springframework.ldap"),
    ("tomcat-catalina", "org.apache.tomcat"),
    ("tomcat-coyote", "org.apache.tomcat"),
    ("velocity", "org.apache.velocity"),
];

const SPRING: &str = "org.springframework";

/// Beginnings of names; longer ones first where one begins another.
const BEGINS: &[(&str, &str)] = &[
    ("ant-", "org.apache.ant"),
    ("asm-", "org.ow2.asm"),
    ("bcpkix-", "org.bouncycastle"),
    ("bcprov-", "org.bouncycastle"),
    ("bcutil-", "org.bouncycastle"),
    ("kafka-", "org.apache.kafka"),
    ("kafka_", "org.apache.kafka"),
    ("kotlin-stdlib", "org.jetbrains.kotlin"),
    ("kotlinx-coroutines-", "org.jetbrains.kotlinx"),
    ("lucene-", "org.apache.lucene"),
    ("micrometer-", "io.micrometer"),
    ("okhttp", "com.squareup.okhttp3"),
    ("reactor-netty", "io.projectreactor.netty"),
    ("spring-batch-", "org.springframework.batch"),
    ("spring-boot", "org.springframework.boot"),
    ("spring-cloud-gateway", "org.springframework.cloud"),
    ("spring-cloud-config", "org.springframework.cloud"),
    ("spring-cloud-function", "org.springframework.cloud"),
    ("spring-data-", "org.springframework.data"),
    ("spring-integration-", "org.springframework.integration"),
    ("spring-security-", "org.springframework.security"),
    ("spring-session-", "org.springframework.session"),
    ("tomcat-embed-", "org.apache.tomcat.embed"),
    ("xnio-", "org.jboss.xnio"),
];
