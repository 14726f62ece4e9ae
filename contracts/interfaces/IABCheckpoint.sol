// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Where the tree heads of event logs are anchored
/// @notice A tree head that lies here proves that the log had this content at this block's time at the latest: a log that
/// is rewritten afterwards can no longer match it. Heads of a log only grow, unless the owner retracts wrong ones: a signer that
/// erred, or turned, would end a log for ever by a head of the largest size. No head's number is ever given to another.
interface IABCheckpoint {
    /// @param treeSize how many events the Merkle tree holds
    /// @param anchoredAt seconds since the epoch of the block that anchored it
    /// @param rootHash root of the Merkle tree
    struct TreeHead {
        uint64 treeSize;
        uint64 anchoredAt;
        bytes32 rootHash;
    }

    event TreeHeadAnchored(
        bytes32 indexed logId,
        uint256 indexed index,
        uint64 treeSize,
        bytes32 rootHash,
        address signer
    );
    /// @notice The heads from `index` to `newestIndex` stand no longer.
    event TreeHeadRetracted(bytes32 indexed logId, uint256 indexed index, uint256 newestIndex);
    event SignerUpdated(bytes32 indexed logId, address indexed oldSigner, address indexed newSigner);

    error UnknownLog(bytes32 logId);
    error InvalidSignature(bytes32 logId, address signer);
    /// @dev A log only grows: an equal or smaller tree is refused, whatever its root.
    error TreeNotGrown(bytes32 logId, uint64 anchoredSize, uint64 treeSize);
    error UnknownTreeHead(bytes32 logId, uint256 index);

    /// @notice Anchors a tree head that the log's signer signed. Anyone may submit it.
    /// @param logId which log
    /// @param treeSize how many events the tree holds, more than the log's newest head that stands
    /// @param rootHash root of the Merkle tree over these events
    /// @param signature of TreeHead(bytes32 logId,uint64 treeSize,bytes32 rootHash) by EIP-712 in the domain
    /// "AB.LAND Checkpoint", version "1"; by ERC-1271 where the signer is a contract
    /// @return index of this head among those of the log, from 0
    /// @dev Reverts with UnknownLog, TreeNotGrown or InvalidSignature.
    function anchor(
        bytes32 logId,
        uint64 treeSize,
        bytes32 rootHash,
        bytes calldata signature
    ) external returns (uint256 index);

    /// @notice Retracts a head and all after it, which were held against it. The log goes on from the head before. What was retracted
    /// is in the events; that it was anchored at its time stays true, that it is the log's is not said any more.
    /// @param logId which log
    /// @param index of the first wrong head; heads that were anchored since it was found are retracted with it
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, or UnknownTreeHead where there is no such head or it was
    /// retracted before.
    function retract(bytes32 logId, uint256 index) external;

    /// @notice Names who signs a log's tree heads; address zero ends the log.
    /// @param logId which log
    /// @param newSigner an account, or a contract that checks signatures by ERC-1271
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount.
    function setSigner(bytes32 logId, address newSigner) external;

    /// @notice Who signs a log's tree heads now.
    /// @param logId which log
    /// @return signer address zero where the log has none
    function signerOf(bytes32 logId) external view returns (address signer);

    /// @notice How long a log's list of anchored heads is.
    /// @param logId which log
    /// @return count how many heads of the log were ever anchored, those that were retracted included
    function treeHeadCount(bytes32 logId) external view returns (uint256 count);

    /// @notice Where the newest head of a log is that was not retracted.
    /// @param logId which log
    /// @return end one more than its index; 0 where none stands
    function standingTreeHeads(bytes32 logId) external view returns (uint256 end);

    /// @notice An anchored head of a log.
    /// @param logId which log
    /// @param index from 0, oldest first
    /// @return head its size, its root and when it was anchored; size and root are 0 of a head that was retracted
    /// @dev Reverts with UnknownTreeHead.
    function treeHead(bytes32 logId, uint256 index) external view returns (TreeHead memory head);

    /// @notice What the signer signs for a tree head: its EIP-712 hash on this chain and for this contract.
    /// @param logId which log
    /// @param treeSize how many events the tree holds
    /// @param rootHash root of the Merkle tree over these events
    /// @return hash that the signer signs for a tree head
    function digestOf(bytes32 logId, uint64 treeSize, bytes32 rootHash) external view returns (bytes32 hash);
}
