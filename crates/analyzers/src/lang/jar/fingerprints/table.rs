//! The libraries that are known by their classes, sorted by name.
//!
//! A row's classes are old enough to stand in all versions that matter, and are not in other libraries.

use super::{LIBRARY, Library, Told};

/// Every library.
pub(super) static LIBRARIES: &[Library] = &[
    Library {
        name: "ch.qos.logback:logback-classic",
        root: "ch/qos/",
        classes: "logback/classic/LoggerContext logback/classic/Logger logback/classic/joran/JoranConfigurator logback/classic/spi/LoggingEvent",
        ..LIBRARY
    },
    Library {
        name: "ch.qos.logback:logback-core",
        root: "ch/qos/",
        classes: "logback/core/AppenderBase logback/core/joran/GenericConfigurator logback/core/rolling/RollingFileAppender logback/core/util/OptionHelper",
        ..LIBRARY
    },
    Library {
        name: "ch.qos.reload4j:reload4j",
        also: "log4j",
        root: "org/apache/",
        classes: "log4j/net/HardenedLoggingEventInputStream log4j/net/SocketServer log4j/net/SimpleSocketServer log4j/net/JMSAppender log4j/jdbc/JDBCAppender",
        needed: 1,
        holds: "log4j",
        ..LIBRARY
    },
    Library {
        name: "com.alibaba:fastjson",
        root: "com/alibaba/",
        classes: "fastjson/JSON fastjson/parser/ParserConfig fastjson/parser/DefaultJSONParser fastjson/serializer/SerializeConfig",
        told: &[Told::Constant {
            class: "fastjson/JSON",
            before: "",
            except: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "com.fasterxml.jackson.core:jackson-core",
        root: "com/fasterxml/",
        classes: "jackson/core/JsonFactory jackson/core/json/ReaderBasedJsonParser jackson/core/json/UTF8StreamJsonParser jackson/core/util/TextBuffer",
        told: &[Told::Constant {
            class: "jackson/core/json/PackageVersion",
            before: "",
            except: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "com.fasterxml.jackson.core:jackson-databind",
        root: "com/fasterxml/",
        classes: "jackson/databind/ObjectMapper jackson/databind/deser/BeanDeserializerFactory jackson/databind/ser/BeanSerializerFactory jackson/databind/jsontype/impl/ClassNameIdResolver",
        told: &[Told::Constant {
            class: "jackson/databind/cfg/PackageVersion",
            before: "",
            except: "",
        }],
        since: &[(
            "jackson/databind/jsontype/PolymorphicTypeValidator",
            "2.10.0",
        )],
        unlike: &[
            "org/codehaus/jackson/map/ObjectMapper org/codehaus/jackson/map/deser/BeanDeserializerFactory org/codehaus/jackson/map/ser/BeanSerializerFactory org/codehaus/jackson/map/jsontype/impl/ClassNameIdResolver",
        ],
        ..LIBRARY
    },
    Library {
        name: "com.google.code.gson:gson",
        root: "com/google/",
        classes: "gson/Gson gson/GsonBuilder gson/internal/LinkedTreeMap gson/stream/JsonReader gson/internal/ConstructorConstructor",
        least: 4,
        told: &[Told::Constant {
            class: "gson/internal/GsonBuildConfig",
            before: "",
            except: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "com.google.guava:guava",
        also: "guava-jdk5",
        root: "com/google/",
        classes: "common/collect/ImmutableList common/base/Preconditions common/cache/CacheBuilder common/io/Files common/util/concurrent/Futures",
        least: 4,
        unlike: &[
            "com/google/common/collect/ImmutableList com/google/common/base/Preconditions com/google/common/collect/Maps",
        ],
        ..LIBRARY
    },
    Library {
        name: "com.google.protobuf:protobuf-java",
        root: "com/google/",
        classes: "protobuf/DescriptorProtos protobuf/TextFormat protobuf/CodedInputStream protobuf/DynamicMessage",
        needed: 2,
        unlike: &[
            "com/google/protobuf/CodedInputStream com/google/protobuf/GeneratedMessageLite com/google/protobuf/ByteString",
        ],
        ..LIBRARY
    },
    Library {
        name: "com.h2database:h2",
        root: "org/",
        classes: "h2/engine/Constants h2/command/Parser h2/server/web/WebServer h2/jdbc/JdbcConnection",
        told: &[Told::Constant {
            class: "h2/engine/Constants",
            before: "",
            except: "8.2.23",
        }],
        since: &[("h2/engine/SessionLocal", "2.0.202")],
        ..LIBRARY
    },
    Library {
        name: "com.mchange:c3p0",
        also: "c3p0",
        root: "com/mchange/v2/",
        classes: "c3p0/ComboPooledDataSource c3p0/cfg/C3P0ConfigXmlUtils c3p0/DriverManagerDataSource c3p0/impl/NewPooledConnection",
        ..LIBRARY
    },
    Library {
        name: "com.squareup.okhttp3:okhttp",
        root: "",
        classes: "okhttp3/OkHttpClient okhttp3/HttpUrl okhttp3/internal/http2/Http2Connection okhttp3/internal/cache/DiskLruCache",
        told: &[
            Told::Constant {
                class: "okhttp3/internal/Version",
                before: "okhttp/",
                except: "",
            },
            Told::Constant {
                class: "okhttp3/OkHttp",
                before: "",
                except: "",
            },
        ],
        ..LIBRARY
    },
    Library {
        name: "com.thoughtworks.xstream:xstream",
        root: "com/thoughtworks/",
        classes: "xstream/XStream xstream/converters/reflection/ReflectionConverter xstream/io/xml/XppDriver xstream/mapper/CachingMapper",
        since: &[
            ("xstream/security/TypePermission", "1.4.7"),
            ("xstream/security/InputManipulationException", "1.4.19"),
        ],
        ..LIBRARY
    },
    Library {
        name: "commons-beanutils:commons-beanutils",
        root: "org/apache/commons/",
        classes: "beanutils/PropertyUtilsBean beanutils/BeanUtilsBean beanutils/ConvertUtilsBean beanutils/MethodUtils",
        since: &[("beanutils/SuppressPropertiesBeanIntrospector", "1.9.2")],
        ..LIBRARY
    },
    Library {
        name: "commons-collections:commons-collections",
        also: "commons-collections3",
        root: "org/apache/commons/",
        classes: "collections/functors/InvokerTransformer collections/functors/ChainedTransformer collections/map/LazyMap collections/keyvalue/TiedMapEntry",
        ..LIBRARY
    },
    Library {
        name: "commons-fileupload:commons-fileupload",
        root: "org/apache/commons/",
        classes: "fileupload/FileUploadBase fileupload/MultipartStream fileupload/disk/DiskFileItem fileupload/DefaultFileItemFactory fileupload/portlet/PortletFileUpload",
        unlike: &[
            "org/apache/tomcat/util/http/fileupload/FileUploadBase org/apache/tomcat/util/http/fileupload/MultipartStream org/apache/tomcat/util/http/fileupload/disk/DiskFileItem",
        ],
        ..LIBRARY
    },
    Library {
        name: "commons-httpclient:commons-httpclient",
        root: "org/apache/commons/",
        classes: "httpclient/HttpMethodBase httpclient/methods/GetMethod httpclient/MultiThreadedHttpConnectionManager httpclient/URI",
        ..LIBRARY
    },
    Library {
        name: "commons-io:commons-io",
        root: "org/apache/commons/",
        classes: "io/FilenameUtils io/FileUtils io/input/TeeInputStream io/filefilter/WildcardFileFilter io/output/DeferredFileOutputStream",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "io.netty:netty",
        root: "org/jboss/",
        classes: "netty/bootstrap/ServerBootstrap netty/channel/socket/nio/NioServerSocketChannelFactory netty/handler/codec/http/HttpMessageDecoder netty/buffer/ChannelBuffers",
        ..LIBRARY
    },
    Library {
        name: "io.netty:netty-codec",
        part_of: "netty-all",
        root: "io/",
        classes: "netty/handler/codec/compression/JdkZlibDecoder netty/handler/codec/compression/SnappyFrameDecoder netty/handler/codec/compression/Bzip2Decoder netty/handler/codec/LengthFieldBasedFrameDecoder netty/handler/codec/DelimiterBasedFrameDecoder",
        told: &[Told::Property {
            file: "META-INF/io.netty.versions.properties",
            key: "netty-codec.version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "io.netty:netty-codec-http",
        part_of: "netty-all",
        root: "io/",
        classes: "netty/handler/codec/http/HttpObjectDecoder netty/handler/codec/http/HttpServerCodec netty/handler/codec/http/HttpContentCompressor netty/handler/codec/http/HttpObjectAggregator",
        told: &[Told::Property {
            file: "META-INF/io.netty.versions.properties",
            key: "netty-codec-http.version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "io.netty:netty-codec-http2",
        part_of: "netty-all",
        root: "io/",
        classes: "netty/handler/codec/http2/DefaultHttp2Connection netty/handler/codec/http2/Http2ConnectionHandler netty/handler/codec/http2/DefaultHttp2FrameReader netty/handler/codec/http2/Http2FrameCodec",
        told: &[Told::Property {
            file: "META-INF/io.netty.versions.properties",
            key: "netty-codec-http2.version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "io.netty:netty-common",
        part_of: "netty-all",
        root: "io/",
        classes: "netty/util/internal/PlatformDependent netty/util/concurrent/DefaultPromise netty/util/Recycler netty/util/AsciiString netty/util/NetUtil",
        least: 4,
        told: &[Told::Property {
            file: "META-INF/io.netty.versions.properties",
            key: "netty-common.version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "io.netty:netty-handler",
        part_of: "netty-all",
        root: "io/",
        classes: "netty/handler/ssl/SslHandler netty/handler/ssl/SniHandler netty/handler/ssl/JdkSslContext netty/handler/timeout/IdleStateHandler netty/handler/stream/ChunkedWriteHandler",
        told: &[Told::Property {
            file: "META-INF/io.netty.versions.properties",
            key: "netty-handler.version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "io.undertow:undertow-core",
        root: "io/",
        classes: "undertow/Undertow undertow/server/HttpServerExchange undertow/server/handlers/PathHandler undertow/protocols/http2/Http2Channel",
        told: &[Told::Property {
            file: "undertow/version.properties",
            key: "undertow.version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "log4j:log4j",
        also: "log4j-1.2 reload4j",
        root: "org/apache/",
        classes: "log4j/net/SocketServer log4j/net/SimpleSocketServer log4j/net/JMSAppender log4j/net/JMSSink log4j/jdbc/JDBCAppender log4j/lf5/LF5Appender log4j/chainsaw/Main",
        least: 4,
        unlike: &[
            "org/apache/log4j/Category org/apache/log4j/PropertyConfigurator org/apache/log4j/spi/LoggingEvent org/apache/log4j/helpers/LogLog",
        ],
        ..LIBRARY
    },
    Library {
        name: "mysql:mysql-connector-java",
        also: "mysql-connector-j",
        root: "com/",
        classes: "mysql/cj/NativeSession mysql/cj/jdbc/ConnectionImpl mysql/cj/protocol/a/NativeProtocol mysql/cj/jdbc/MysqlDataSource",
        later: Some(("8.0.31", "mysql-connector-j")),
        ..LIBRARY
    },
    Library {
        name: "net.minidev:json-smart",
        root: "net/minidev/",
        classes: "json/JSONValue json/JSONStyle json/parser/JSONParserBase json/parser/JSONParserString json/JSONNavi",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.apache.activemq:activemq-broker",
        part_of: "activemq-all",
        root: "org/apache/",
        classes: "activemq/broker/TransportConnection activemq/broker/BrokerService activemq/broker/region/RegionBroker activemq/broker/jmx/ManagementContext",
        ..LIBRARY
    },
    Library {
        name: "org.apache.activemq:activemq-client",
        part_of: "activemq-all",
        root: "org/apache/",
        classes: "activemq/ActiveMQConnectionFactory activemq/openwire/OpenWireFormat activemq/command/ExceptionResponse activemq/transport/tcp/TcpTransport",
        told: &[Told::Text {
            file: "activemq/version.txt",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.apache.avro:avro",
        root: "org/apache/",
        classes: "avro/Schema avro/generic/GenericDatumReader avro/file/DataFileReader avro/io/BinaryDecoder avro/specific/SpecificDatumReader",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.apache.commons:commons-collections4",
        root: "org/apache/commons/",
        classes: "collections4/functors/InvokerTransformer collections4/functors/ChainedTransformer collections4/map/LazyMap collections4/keyvalue/TiedMapEntry",
        ..LIBRARY
    },
    Library {
        name: "org.apache.commons:commons-compress",
        root: "org/apache/commons/",
        classes: "compress/archivers/zip/ZipArchiveInputStream compress/archivers/tar/TarArchiveInputStream compress/archivers/sevenz/SevenZFile compress/compressors/CompressorStreamFactory",
        ..LIBRARY
    },
    Library {
        name: "org.apache.commons:commons-configuration2",
        root: "org/apache/commons/",
        classes: "configuration2/PropertiesConfiguration configuration2/interpol/ConfigurationInterpolator configuration2/builder/FileBasedConfigurationBuilder configuration2/io/FileHandler",
        ..LIBRARY
    },
    Library {
        name: "org.apache.commons:commons-text",
        root: "org/apache/commons/",
        classes: "text/StringSubstitutor text/lookup/InterpolatorStringLookup text/lookup/ScriptStringLookup text/similarity/LevenshteinDistance text/translate/CharSequenceTranslator",
        ..LIBRARY
    },
    Library {
        name: "org.apache.derby:derby",
        root: "org/apache/",
        classes: "derby/jdbc/EmbeddedDriver derby/impl/jdbc/EmbedConnection derby/impl/store/raw/RawStore derby/iapi/jdbc/AuthenticationService",
        ..LIBRARY
    },
    Library {
        name: "org.apache.httpcomponents:httpclient",
        root: "org/apache/",
        classes: "http/impl/client/DefaultHttpClient http/client/utils/URIUtils http/conn/ssl/SSLSocketFactory http/client/methods/HttpGet http/impl/client/CloseableHttpClient",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.apache.kafka:kafka-clients",
        root: "org/apache/",
        classes: "kafka/clients/producer/KafkaProducer kafka/clients/consumer/KafkaConsumer kafka/common/config/SaslConfigs kafka/common/security/JaasContext",
        told: &[Told::Property {
            file: "kafka/kafka-version.properties",
            key: "version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.apache.logging.log4j:log4j-core",
        root: "org/apache/logging/log4j/",
        classes: "core/lookup/JndiLookup core/lookup/Interpolator core/LoggerContext core/appender/RollingFileAppender core/config/plugins/util/PluginManager",
        since: &[
            ("core/net/JndiManager", "2.1"),
            ("core/lookup/ConfigurationStrSubstitutor", "2.3.1"),
        ],
        unlike: &[
            "org/apache/logging/log4j/spi/LoggerContext org/apache/logging/log4j/LogManager org/apache/logging/log4j/core/LoggerContext",
        ],
        ..LIBRARY
    },
    Library {
        name: "org.apache.mina:mina-core",
        also: "mina2-core",
        root: "org/apache/",
        classes: "mina/core/service/AbstractIoService mina/core/session/AbstractIoSession mina/core/buffer/AbstractIoBuffer mina/filter/codec/ProtocolCodecFilter",
        ..LIBRARY
    },
    Library {
        name: "org.apache.pdfbox:pdfbox",
        also: "pdfbox2",
        root: "org/apache/",
        classes: "pdfbox/pdmodel/PDDocument pdfbox/pdfparser/PDFParser pdfbox/pdfparser/BaseParser pdfbox/cos/COSDocument",
        ..LIBRARY
    },
    Library {
        name: "org.apache.poi:poi-ooxml",
        root: "org/apache/",
        classes: "poi/ooxml/POIXMLDocument poi/xssf/usermodel/XSSFWorkbook poi/openxml4j/opc/OPCPackage poi/xwpf/usermodel/XWPFDocument",
        ..LIBRARY
    },
    Library {
        name: "org.apache.shiro:shiro-core",
        part_of: "shiro-all",
        root: "org/apache/",
        classes: "shiro/SecurityUtils shiro/mgt/DefaultSecurityManager shiro/mgt/AbstractRememberMeManager shiro/realm/AuthorizingRealm",
        ..LIBRARY
    },
    Library {
        name: "org.apache.shiro:shiro-web",
        part_of: "shiro-all",
        root: "org/apache/",
        classes: "shiro/web/servlet/AbstractShiroFilter shiro/web/mgt/CookieRememberMeManager shiro/web/filter/mgt/PathMatchingFilterChainResolver shiro/web/util/WebUtils",
        ..LIBRARY
    },
    Library {
        name: "org.apache.struts:struts2-core",
        root: "org/apache/",
        classes: "struts2/dispatcher/Dispatcher struts2/dispatcher/mapper/DefaultActionMapper struts2/dispatcher/multipart/JakartaMultiPartRequest struts2/StrutsStatics",
        ..LIBRARY
    },
    Library {
        name: "org.apache.tika:tika-core",
        root: "org/apache/",
        classes: "tika/Tika tika/parser/AutoDetectParser tika/mime/MimeTypes tika/detect/DefaultDetector",
        ..LIBRARY
    },
    Library {
        name: "org.apache.tomcat.embed:tomcat-embed-core",
        root: "org/apache/",
        classes: "catalina/core/StandardContext catalina/connector/CoyoteAdapter catalina/session/StandardManager coyote/http11/Http11Processor coyote/ajp/AjpProcessor",
        least: 5,
        holds: "tomcat-catalina tomcat-coyote",
        told: &[Told::Property {
            file: "catalina/util/ServerInfo.properties",
            key: "server.info",
            before: "Apache Tomcat/",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.apache.tomcat:tomcat-catalina",
        also: "catalina tomcat9-catalina tomcat10-catalina",
        root: "org/apache/",
        classes: "catalina/core/StandardContext catalina/connector/CoyoteAdapter catalina/session/StandardManager catalina/startup/Bootstrap",
        least: 4,
        told: &[Told::Property {
            file: "catalina/util/ServerInfo.properties",
            key: "server.info",
            before: "Apache Tomcat/",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.apache.tomcat:tomcat-coyote",
        also: "tomcat-embed-core tomcat9-coyote tomcat10-coyote",
        root: "org/apache/",
        classes: "coyote/http11/Http11Processor coyote/ajp/AjpProcessor coyote/Request tomcat/util/net/NioEndpoint",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.apache.velocity:velocity",
        root: "org/apache/",
        classes: "velocity/runtime/log/LogSystem velocity/app/VelocityEngine velocity/runtime/RuntimeInstance velocity/util/introspection/SecureUberspector",
        needed: 1,
        ..LIBRARY
    },
    Library {
        name: "org.apache.velocity:velocity-engine-core",
        root: "org/apache/",
        classes: "velocity/util/DuckType velocity/app/VelocityEngine velocity/runtime/RuntimeInstance velocity/util/introspection/SecureUberspector",
        needed: 1,
        ..LIBRARY
    },
    Library {
        name: "org.apache.zookeeper:zookeeper",
        root: "org/apache/",
        classes: "zookeeper/ZooKeeper zookeeper/server/ZooKeeperServer zookeeper/server/quorum/QuorumPeer zookeeper/server/NIOServerCnxnFactory",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.bouncycastle:bcprov-jdk15on",
        also: "bcprov bcprov-* bc-fips*",
        root: "org/",
        classes: "bouncycastle/jce/provider/BouncyCastleProvider bouncycastle/crypto/engines/AESEngine bouncycastle/asn1/ASN1InputStream bouncycastle/crypto/params/RSAKeyParameters",
        needed: 1,
        told: &[Told::Constant {
            class: "bouncycastle/jce/provider/BouncyCastleProvider",
            before: "BouncyCastle Security Provider v",
            except: "",
        }],
        later: Some(("1.71", "bcprov-jdk18on")),
        ..LIBRARY
    },
    Library {
        name: "org.codehaus.groovy:groovy",
        also: "groovy-all groovy",
        root: "",
        classes: "groovy/lang/GroovyShell groovy/lang/MetaClassImpl org/codehaus/groovy/runtime/InvokerHelper org/codehaus/groovy/runtime/MethodClosure",
        least: 4,
        told: &[Told::Property {
            file: "META-INF/groovy-release-info.properties",
            key: "ImplementationVersion",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.codehaus.jackson:jackson-mapper-asl",
        root: "org/codehaus/",
        classes: "jackson/map/ObjectMapper jackson/map/deser/BeanDeserializerFactory jackson/map/ser/BeanSerializerFactory jackson/map/jsontype/impl/ClassNameIdResolver",
        ..LIBRARY
    },
    Library {
        name: "org.codehaus.jettison:jettison",
        root: "org/codehaus/",
        classes: "jettison/json/JSONObject jettison/mapped/MappedXMLStreamWriter jettison/badgerfish/BadgerFishXMLStreamReader jettison/mapped/MappedNamespaceConvention",
        ..LIBRARY
    },
    Library {
        name: "org.codehaus.plexus:plexus-utils",
        also: "plexus-utils2",
        root: "org/codehaus/",
        classes: "plexus/util/FileUtils plexus/util/cli/Commandline plexus/util/DirectoryScanner plexus/util/StringUtils",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.dom4j:dom4j",
        also: "dom4j",
        root: "org/",
        classes: "dom4j/io/SAXReader dom4j/DocumentHelper dom4j/QName dom4j/tree/AbstractElement",
        ..LIBRARY
    },
    Library {
        name: "org.eclipse.jetty:jetty-http",
        also: "jetty9-http",
        part_of: "jetty-all jetty-runner",
        root: "org/eclipse/",
        classes: "jetty/http/HttpParser jetty/http/HttpURI jetty/http/HttpGenerator jetty/http/MimeTypes",
        ..LIBRARY
    },
    Library {
        name: "org.eclipse.jetty:jetty-server",
        also: "jetty9-server",
        part_of: "jetty-all jetty-runner",
        root: "org/eclipse/",
        classes: "jetty/server/Server jetty/server/ServerConnector jetty/server/HttpConnectionFactory jetty/server/handler/ContextHandler",
        ..LIBRARY
    },
    Library {
        name: "org.freemarker:freemarker",
        root: "",
        classes: "freemarker/template/Configuration freemarker/core/Environment freemarker/template/utility/Execute freemarker/template/utility/ObjectConstructor",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.hibernate:hibernate-core",
        root: "org/",
        classes: "hibernate/internal/SessionImpl hibernate/engine/spi/SessionImplementor hibernate/cfg/Configuration hibernate/dialect/Dialect",
        least: 4,
        ..LIBRARY
    },
    Library {
        name: "org.hsqldb:hsqldb",
        also: "hsqldb",
        root: "org/",
        classes: "hsqldb/Session hsqldb/server/Server hsqldb/jdbc/JDBCConnection hsqldb/persist/Logger",
        ..LIBRARY
    },
    Library {
        name: "org.json:json",
        root: "org/json/",
        classes: "XML CDL JSONObject JSONTokener Cookie",
        least: 4,
        needed: 2,
        unlike: &[
            "org/json/JSONObject org/json/JSONArray org/json/JSONTokener org/json/JSONStringer",
        ],
        ..LIBRARY
    },
    Library {
        name: "org.jsoup:jsoup",
        root: "org/",
        classes: "jsoup/Jsoup jsoup/parser/Tokeniser jsoup/nodes/Document jsoup/safety/Cleaner",
        ..LIBRARY
    },
    Library {
        name: "org.mybatis:mybatis",
        root: "org/apache/",
        classes: "ibatis/session/SqlSessionFactoryBuilder ibatis/executor/BaseExecutor ibatis/mapping/MappedStatement ibatis/builder/xml/XMLMapperBuilder",
        ..LIBRARY
    },
    Library {
        name: "org.postgresql:postgresql",
        root: "org/",
        classes: "postgresql/Driver postgresql/jdbc/PgConnection postgresql/core/v3/QueryExecutorImpl postgresql/ds/PGSimpleDataSource",
        told: &[Told::Constant {
            class: "postgresql/util/DriverInfo",
            before: "PostgreSQL JDBC Driver ",
            except: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.quartz-scheduler:quartz",
        also: "quartz2",
        root: "org/",
        classes: "quartz/impl/StdSchedulerFactory quartz/core/QuartzScheduler quartz/xml/XMLSchedulingDataProcessor quartz/impl/jdbcjobstore/JobStoreTX",
        told: &[Told::Property {
            file: "quartz/core/quartz-build.properties",
            key: "version",
            before: "",
        }],
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-beans",
        root: "org/springframework/",
        classes: "beans/BeanWrapperImpl beans/CachedIntrospectionResults beans/factory/support/DefaultListableBeanFactory beans/factory/xml/XmlBeanDefinitionReader",
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-context",
        root: "org/springframework/",
        classes: "context/support/ClassPathXmlApplicationContext context/support/GenericApplicationContext context/annotation/ConfigurationClassPostProcessor validation/DataBinder",
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-core",
        root: "org/springframework/",
        classes: "core/io/ClassPathResource core/SpringVersion core/GenericTypeResolver util/AntPathMatcher core/annotation/AnnotationUtils",
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-expression",
        root: "org/springframework/",
        classes: "expression/spel/standard/SpelExpressionParser expression/spel/ast/MethodReference expression/spel/support/StandardEvaluationContext expression/spel/ast/OperatorMatches",
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-web",
        root: "org/springframework/",
        classes: "web/client/RestTemplate web/util/UriComponentsBuilder web/filter/CharacterEncodingFilter web/context/ContextLoaderListener http/converter/ByteArrayHttpMessageConverter",
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-webflux",
        root: "org/springframework/",
        classes: "web/reactive/DispatcherHandler web/reactive/resource/ResourceWebHandler web/reactive/function/server/RouterFunctions web/reactive/result/method/annotation/RequestMappingHandlerAdapter",
        ..LIBRARY
    },
    Library {
        name: "org.springframework:spring-webmvc",
        root: "org/springframework/",
        classes: "web/servlet/DispatcherServlet web/servlet/view/InternalResourceViewResolver web/servlet/mvc/method/annotation/RequestMappingHandlerAdapter web/servlet/resource/ResourceHttpRequestHandler",
        ..LIBRARY
    },
    Library {
        name: "org.yaml:snakeyaml",
        root: "org/yaml/",
        classes: "snakeyaml/Yaml snakeyaml/constructor/Constructor snakeyaml/representer/Representer snakeyaml/resolver/Resolver snakeyaml/scanner/ScannerImpl",
        since: &[("snakeyaml/inspector/TagInspector", "2.0")],
        ..LIBRARY
    },
    Library {
        name: "struts:struts",
        also: "struts-core struts",
        root: "org/apache/",
        classes: "struts/action/ActionServlet struts/action/RequestProcessor struts/upload/CommonsMultipartRequestHandler struts/util/RequestUtils",
        ..LIBRARY
    },
    Library {
        name: "xalan:xalan",
        also: "xalan2",
        root: "org/apache/",
        classes: "xalan/processor/TransformerFactoryImpl xalan/xsltc/compiler/XSLTC xalan/transformer/TransformerImpl xalan/templates/Stylesheet",
        unlike: &[
            "com/sun/org/apache/xalan/internal/xsltc/compiler/XSLTC com/sun/org/apache/xalan/internal/xsltc/trax/TransformerImpl",
        ],
        ..LIBRARY
    },
    Library {
        name: "xerces:xercesImpl",
        root: "org/apache/",
        classes: "xerces/jaxp/DocumentBuilderFactoryImpl xerces/impl/XMLEntityManager xerces/parsers/SAXParser xerces/dom/CoreDocumentImpl",
        told: &[Told::Constant {
            class: "xerces/impl/Version",
            before: "Xerces-J ",
            except: "",
        }],
        unlike: &[
            "com/sun/org/apache/xerces/internal/jaxp/DocumentBuilderFactoryImpl com/sun/org/apache/xerces/internal/impl/XMLEntityManager com/sun/org/apache/xerces/internal/parsers/SAXParser com/sun/org/apache/xerces/internal/dom/CoreDocumentImpl",
        ],
        ..LIBRARY
    },
];
