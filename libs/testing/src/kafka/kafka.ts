export { KAFKA_USER } from './broker-files.js';
export { installKafka } from './install-kafka.js';
export { KafkaCluster, type ClusterOptions } from './kafka-cluster.js';
